// The protocol of a channel in every order of its steps: some hundred thousand states.
import { expect, test } from "vitest";
import { interleave } from "../../../examples/asides/parts/interleavings.ts";
import * as channel from "../../../examples/shared/threads/channel.ts";
import * as parker from "../../../examples/shared/threads/parker.ts";
import * as port from "../../../examples/shared/threads/port.ts";
import * as queue from "../../../examples/shared/threads/queue.ts";
import * as readyList from "../../../examples/shared/threads/ready-list.ts";
import * as ring from "../../../examples/shared/threads/ring.ts";
import * as select from "../../../examples/shared/threads/select.ts";
import { LARGE, modelsOf } from "./models.ts";

const models = modelsOf({
  ...{ ...channel, ...parker, ...port, ...queue },
  ...{ ...readyList, ...ring, ...select },
});

test.each(Object.keys(models).filter((name) => name.startsWith(LARGE)))(
  "holds in every order: %s",
  { timeout: 600_000 },
  (name) => {
    const report = models[name]?.(interleave);
    expect(report?.failure).toBeUndefined();
    expect(report?.orders).toBeGreaterThan(1_000_000n);
  },
);
