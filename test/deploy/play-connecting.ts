import type { XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { runCommand } from "../bin/fixtures/run-command.ts";
import { type Answer, type Aws, textIn } from "./aws-calls.ts";
import { fetchFunction, startFunction } from "./deployed-function.ts";
import type { Connecting, Connection, Page } from "./deployment.ts";
import type { Lambda, LambdaStage } from "./lambda.ts";

const COOKIE = /^(__Host-xt-connect=[^;]*)/;

export interface ConnectingStage extends LambdaStage {
  readonly lambda: Lambda;
  readonly xt: XtStandIn;
  /** Name of the example's function. */
  readonly callback: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Connects a user through the deployed example; moves another user's token in and out with the command line. */
export async function playConnecting(stage: ConnectingStage): Promise<Connecting> {
  const { lambda, aws, xt, runtime, scratch } = stage;
  const deployed = await fetchFunction(aws, stage.callback, scratch);
  const callback = await startFunction(deployed, {
    runtime,
    session: await aws.assume(deployed.roleArn),
    environment: { AWS_ENDPOINT_URL_LAMBDA: lambda.url, XT_SITE: xt.url },
  });

  /** As the HTTP API calls the function, in the session of user 42. */
  async function get(address: string, cookies: readonly string[]): Promise<Page> {
    const { pathname: rawPath, search } = new URL(address);
    const requestContext = { authorizer: { lambda: { user: "42" } } };
    const event = { rawPath, rawQueryString: search.slice(1), cookies, requestContext };
    const { kind, body } = await callback.invoke(JSON.stringify(event));
    if (kind !== "response") throw new Error(`the example's function ended with ${kind}: ${JSON.stringify(body)}`);
    return Object(body);
  }

  const command = (words: string, input = "") =>
    runCommand(words.split(" "), input, { ...stage.environment, AWS_ENDPOINT_URL_LAMBDA: lambda.url });

  try {
    const begun = await get("https://desk.example/connect", []);
    const cookies = [COOKIE.exec(begun.cookies?.[0] ?? "")?.[1] ?? ""];
    const consent = await fetch(begun.headers["location"] ?? "", {
      method: "POST",
      body: "user=12345678",
      redirect: "manual",
    });
    const back = consent.headers.get("location") ?? "";
    const printed = lambda.printed();
    const refused = [await get(back, []), await get(back.replace(/state=.*/, "state=another"), cookies)];
    const isInvokedByRefused = lambda.printed() !== printed;
    const connected = await get(back, cookies);
    const held = await lookAtConnection(aws, lambda, "user-42");

    const { refreshToken } = xt.grant();
    const seeding = await command("seed --connection user-43", JSON.stringify({ refresh_token: refreshToken }));
    const { body: census } = await lambda.invoke('{"census":true}');
    const tick = await lambda.invoke('{"connection":"user-43"}');
    const seeded = await lookAtConnection(aws, lambda, "user-43");
    const disconnecting = await command("disconnect --connection user-43 --yes");
    const disconnected = await lookAtConnection(aws, lambda, "user-43");
    const again = await lambda.invoke(JSON.stringify({ connection: "user-43", authorize: { code: xt.code() } }));
    const reconnected = await lookAtConnection(aws, lambda, "user-43");
    return {
      begun,
      back,
      refused,
      isInvokedByRefused,
      connected,
      held,
      printed: callback.printed(),
      migrated: { seeding, census, tick, held: seeded, isLive: xt.isLive(textIn(seeded.pair, "refresh_token")) },
      disconnected: { disconnecting, held: disconnected, again, reconnected },
    };
  } finally {
    await callback.stop();
  }
}

/** What there is of a connection. */
export async function lookAtConnection(
  aws: Aws,
  { deployed: { environment } }: Lambda,
  connection: string,
): Promise<Connection> {
  const read = (what: string) =>
    aws.call([
      "secretsmanager",
      "get_secret_value",
      { SecretId: `${environment["CONNECTION_PREFIX"]}${connection}/${what}`, VersionStage: "AWSCURRENT" },
    ]);
  const GroupName = environment["SCHEDULE_GROUP_NAME"];
  return {
    pair: documentIn(await read("pair")),
    accessToken: documentIn(await read("access-token")),
    schedule: await aws.call(["scheduler", "get_schedule", { GroupName, Name: connection }]),
  };
}

function documentIn(answer: Answer): unknown {
  return answer.kind === "answered" ? JSON.parse(textIn(answer, "output", "SecretString")) : answer;
}
