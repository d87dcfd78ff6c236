// What runs only in the pages that are no reading: comparing, evolution, a wrong address.
import { stepThroughFile } from "./evolution.ts";
import { helpTheLost } from "./lost.ts";
import { chooseSteps } from "./pair.ts";

chooseSteps();
stepThroughFile();
helpTheLost();
