// The script of pages without prose: home, comparisons, evolution, behaviours, and the 404
// page.
import { startDuel } from "./duel.ts";
import { stepThroughFile } from "./evolution.ts";
import { helpTheLost } from "./lost.ts";
import { chooseSteps } from "./pair.ts";
import { offerPlace } from "./resume.ts";
import { drawYours } from "./yours.ts";

offerPlace();
chooseSteps();
void startDuel();
stepThroughFile();
helpTheLost();
drawYours();
