// form[data-autosubmit]: sends itself when it changes (text after a pause).
import { onContent } from "./announce.js";

onContent("form[data-autosubmit]", (form) => {
  form.querySelectorAll("button[type=submit]:not([name])").forEach((button) => { button.hidden = true; });
  // a whole page came
  const last = form.elements[sessionStorage.filter];
  last?.focus?.();
  if (last?.type === "search") last.setSelectionRange(999, 999);
  delete sessionStorage.filter;
  let pause = 0;
  const send = () => {
    clearTimeout(pause);
    if (!form.matches("[hx-get]")) sessionStorage.filter = document.activeElement.name;
    form.requestSubmit();
  };
  form.addEventListener("change", send);
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[type=search], [type=text]")) return;
    clearTimeout(pause);
    pause = setTimeout(send, 400);
  });
});
