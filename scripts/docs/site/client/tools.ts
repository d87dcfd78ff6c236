// What runs only in the pages that are no reading: comparing, evolution, behaviours, a wrong
// address.
import { stepThroughFile } from "./evolution.ts";
import { helpTheLost } from "./lost.ts";
import { chooseSteps } from "./pair.ts";
import { drawYours } from "./yours.ts";

chooseSteps();
stepThroughFile();
helpTheLost();
drawYours();
