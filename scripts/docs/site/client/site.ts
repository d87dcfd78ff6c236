// The script of every page. All of it is readable without: it adds what needs a script.
import { followContents } from "./contents.ts";
import { addCopyButtons } from "./copy.ts";
import { rememberLooks } from "./diffs.ts";
import { listenToKeys } from "./keys.ts";
import { closeMenu } from "./menu.ts";
import { markFound } from "./on-demand.ts";
import { followReading } from "./progress.ts";
import { offerRuns } from "./run.ts";
import { switchTheme } from "./theme.ts";
import { offerVia } from "./via.ts";
import { offerWrap } from "./wrap.ts";

switchTheme();
offerVia();
rememberLooks();
addCopyButtons();
offerWrap();
followContents();
followReading();
listenToKeys();
closeMenu();
markFound();
offerRuns();
