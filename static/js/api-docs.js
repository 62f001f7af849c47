// Swagger UI within the page's landmark and headings: its own layout brings a second main and skips a level.
window.kamDocs = ({ React: { createElement } }) => ({
  components: {
    KamLayout: ({ getComponent }) => {
      const part = (name) => createElement(getComponent(name, true));
      const row = (name, ...parts) => createElement("div", { className: name }, ...parts);
      return row("swagger-ui", part("SvgAssets"), part("errors"), row("schemes wrapper", part("AuthorizeBtnContainer")),
        row("wrapper", createElement("h2", null, "Operations"), part("operations"), part("Models")));
    },
  },
});

// An opened operation has tables that claim to be regions without a name, and examples that scroll by mouse alone.
new MutationObserver(() => {
  document.querySelectorAll(".responses-table[role]").forEach((table) => table.removeAttribute("role"));
  document.querySelectorAll("pre.microlight:not([tabindex])").forEach((example) => { example.tabIndex = 0; });
}).observe(document.documentElement, { childList: true, subtree: true });
