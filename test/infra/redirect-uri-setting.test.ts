import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";

function read(context: Readonly<Record<string, unknown>>) {
  return readSettings((key) => context[key]);
}

it.each(["com.desk.app:/back", "http://127.0.0.1:8080/back", "https://desk.example/back?to=xt"])(
  "takes the redirect URI '%s'",
  (redirectUri) => {
    // given
    const context = { redirectUri };

    // when
    const settings = read(context);

    // then
    expect(settings.redirectUri).toBe(redirectUri);
  },
);

it.each(["", "desk.example", "https://desk.example/#back", "https://desk.example/two words"])(
  "refuses the redirect URI '%s'",
  (redirectUri) => {
    // given
    const context = { redirectUri };

    // when
    const act = () => read(context);

    // then
    expect(act).toThrow(
      new SettingsError(
        `redirectUri: found '${redirectUri}', expected a whole URI without a fragment, as it is registered at XT`,
      ),
    );
  },
);
