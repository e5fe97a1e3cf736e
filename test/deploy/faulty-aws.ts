import { request as send } from "node:http";
import { text } from "node:stream/consumers";
import { type Answer, answerUnder, type FaultPlan } from "../../sandbox/faults.ts";
import { type Listener, listen, readWhole } from "../../sandbox/listen.ts";

/** What stands between a function and moto. */
export interface FaultyAws extends Pick<Listener, "url" | "close"> {
  /** Replaces the fault plan; `undefined` ends all faults. */
  setFaults(faults: FaultPlan | undefined): void;
}

/** Hands every request on to moto, and does the harm that a plan asks for. It starts without a plan. */
export async function startFaultyAws(motoUrl: string): Promise<FaultyAws> {
  let faults: FaultPlan | undefined;
  let index = 0;
  const { url, close } = await listen(0, async (request, response) => {
    index += 1;
    const { method, headers, body } = await readWhole(request);
    const path = request.url ?? "/";
    const input = headers["content-type"]?.includes("json") ? JSON.parse(body || "{}") : {};
    const fault = faults?.({
      index,
      operation: operationOf(headers["x-amz-target"], `${method} ${path}`),
      nth: 0,
      input,
    });
    const answer: Answer =
      fault?.when === "before" && fault.kind !== "act"
        ? { status: 500, headers: {}, body: "" }
        : await new Promise((resolve, reject) => {
            const onward = send(new URL(path, motoUrl), { method, headers }, async (answer) => {
              const { "content-type": type = "" } = answer.headers;
              resolve({
                status: answer.statusCode ?? 502,
                headers: { "content-type": type },
                body: await text(answer),
              });
            });
            onward.on("error", reject).end(body);
          });
    await answerUnder(fault, request, response, () => answer);
  });
  return {
    url,
    close,
    setFaults(plan) {
      faults = plan;
    },
  };
}

/** The JSON protocols name it in a header; of the Scheduler, a schedule is all that anybody makes. */
function operationOf(target: string | readonly string[] | undefined, line: string): string {
  if (line.startsWith("POST /schedules/")) return "CreateSchedule";
  return /\w*$/.exec(String(target ?? ""))?.[0] ?? "";
}
