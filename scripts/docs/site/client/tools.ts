// What runs only in the pages that are no reading: home, comparing, evolution, behaviours, a
// wrong address.
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
