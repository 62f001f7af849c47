// Every behaviour is a module attached by a data- attribute; pages work without any of them.
import "./commands.js";
import "./htmx-glue.js";
import "./theme.js";
import "./menu.js";
import "./nav.js";
import "./palette.js";
import "./shortcuts.js";
import "./rows.js";
import "./toast.js";
import "./copy.js";
import "./sortable.js";
import "./autosubmit.js";
import "./dirty.js";
import "./draft.js";
import "./chart-tip.js";
import "./print.js";
