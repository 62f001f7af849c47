// form[data-theme-form]: the theme changes at once; the cookie makes the next first paint right.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  const theme = event.submitter?.value;
  if (!form || !["system", "light", "dark"].includes(theme)) return;
  event.preventDefault();
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  form.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", button.value === theme);
  });
  // The server keeps it with the person; a visitor without a session has only the cookie.
  if (form.method === "post") fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" }).catch(() => {});
});
