// form[data-autosubmit]: sends itself when a filter changes (text after a pause); its button is only for those without JavaScript.
import { onContent } from "./announce.js";

onContent("form[data-autosubmit]", (form) => {
  form.querySelectorAll("button[type=submit]:not([name])").forEach((button) => { button.hidden = true; });
  let pause = 0;
  const send = () => {
    clearTimeout(pause);
    form.requestSubmit();
  };
  form.addEventListener("change", send);
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[type=search], input[type=text]")) return;
    clearTimeout(pause);
    pause = setTimeout(send, 400);
  });
});
