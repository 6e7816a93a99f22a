import { startAsking } from "./islands/asking";
import { startConfided } from "./islands/confided";
import { startDialogs } from "./islands/dialogs";
import { startDrops } from "./islands/drop";
import { startFocus } from "./islands/focus";
import { fetchAgain, startHtmx } from "./islands/hypertext";
import { startLive } from "./islands/live";
import { startMoments } from "./islands/moments";
import { startMenus } from "./islands/menus";
import { startPalette } from "./islands/palette";
import { startRichCopy } from "./islands/richcopy";
import { startResume, startTimesBeside } from "./islands/story";
import { startTheme } from "./islands/theme";
import { startWholePage } from "./islands/wholepage";
import { startTimes } from "./islands/times";
import { startToasts } from "./islands/toasts";
import { everywhere } from "./shared/page";

document.documentElement.classList.add("has-script");
startHtmx();
startWholePage();
startTheme();
startMenus();
startMoments();
startPalette();
startDialogs();
startFocus();
startToasts();
startTimes();
startDrops();
startRichCopy();
startConfided();
startTimesBeside();
startResume();
startAsking();
startLive(fetchAgain);

everywhere<HTMLTextAreaElement>("textarea[data-text-url]", (area) => {
  void import("./editor").then(({ mountEditor }) => mountEditor(area));
});
everywhere<HTMLElement>("[data-triage]", (list) => {
  void import("./triage").then(({ mountTriage }) => mountTriage(list));
});
everywhere<HTMLFormElement>("form[data-chain]", (form) => {
  void import("./chains").then(({ mountChain }) => mountChain(form));
});
everywhere<HTMLElement>("[data-lanes]", (root) => {
  void import("./lanes").then(({ mountLanes }) => mountLanes(root));
});
