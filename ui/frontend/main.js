// Everything here adds to pages that already work without it.
import { start as chapters } from "./scripts/chapters.js";
import { start as copies } from "./scripts/copy.js";
import { start as drafts } from "./scripts/drafts.js";
import { start as folder } from "./scripts/folder.js";
import { start as forms } from "./scripts/forms.js";
import { start as formulas } from "./scripts/formulas.js";
import { start as keys } from "./scripts/keys.js";
import { start as menus } from "./scripts/menus.js";
import { start as outline } from "./scripts/outline.js";
import { start as planBoard } from "./scripts/plan-board.js";
import { start as preview } from "./scripts/preview.js";
import { start as refreshes } from "./scripts/refresh.js";
import { start as room } from "./scripts/room.js";
import { start as sheets } from "./scripts/sheets.js";
import { start as suggest } from "./scripts/suggest.js";
import { start as tabs } from "./scripts/tabs.js";
import { start as teaching } from "./scripts/teaching.js";
import { start as timers } from "./scripts/timer.js";
import { start as toasts } from "./scripts/toasts.js";

for (const start of [menus, suggest, toasts, forms, drafts, sheets, preview, tabs, outline, teaching, copies, refreshes, chapters, folder, formulas, planBoard, room, timers]) start();
