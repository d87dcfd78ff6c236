// Every behaviour against every step of its range. That each also holds on a server of its own
// is in steps-alone.slow.test.ts.
//
// With NODE_UNDER_TEST=/path/to/node the steps run on that Node, as they stand.
import { holdSteps } from "./steps.ts";

const { NODE_UNDER_TEST } = process.env;

holdSteps({ alone: false, ...(NODE_UNDER_TEST && { node: NODE_UNDER_TEST }) });
