import type { World } from "../world.ts";
import { REDIRECT_PATH } from "../xt/answer-browser.ts";

/** What the account at home has deployed, named as a deployment names it. */
export const STACK_NAME = "XtTokenRotation";
export const FUNCTION_NAME = "XtTokenRotation-Function";
export const ALIAS = "live";
export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:123456789012:function:${FUNCTION_NAME}`;
export const SCHEDULE = { group: "XtTokenRotation-Group", name: "XtTokenRotation-Tick" } as const;

/** Where XT sends the browser of a person who grants access. */
export function redirectUriOf({ xt }: World): string {
  return `${xt.url}${REDIRECT_PATH}`;
}

/** The outputs that a command reads, under the names that the stack gives them. `AuthorizationUrl` is known at home alone. */
export function outputsOf(world: World): Readonly<Record<string, string>> {
  return {
    TokenSecretArn: world.secretArns.token,
    ClientSecretArn: world.secretArns.client,
    AccessTokenSecretArn: world.secretArns.accessToken,
    FunctionName: `${FUNCTION_NAME}:${ALIAS}`,
    AuthorizationUrl: world.xt.url,
    RedirectUri: redirectUriOf(world),
    ScheduleGroupName: SCHEDULE.group,
    ScheduleName: SCHEDULE.name,
  };
}
