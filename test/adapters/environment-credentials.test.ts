import { afterEach, expect, it, vi } from "vitest";
import { defaultProvider } from "../../lambda/adapters/environment-credentials.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

function stubKeys(accessKeyId: string, secretAccessKey: string, sessionToken: string): void {
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", sessionToken);
}

it("reads the role's keys from the environment", async () => {
  stubKeys("key-1", "secret-1", "session-1");

  const credentials = await defaultProvider()();

  expect(credentials).toEqual({ accessKeyId: "key-1", secretAccessKey: "secret-1", sessionToken: "session-1" });
});

it("leaves the session token out where there is none", async () => {
  stubKeys("key-1", "secret-1", "");

  expect(await defaultProvider()()).toEqual({ accessKeyId: "key-1", secretAccessKey: "secret-1" });
});

it("reads anew at every call", async () => {
  stubKeys("key-1", "secret-1", "");
  const provide = defaultProvider();
  await provide();
  stubKeys("key-2", "secret-2", "");

  expect(await provide()).toEqual({ accessKeyId: "key-2", secretAccessKey: "secret-2" });
});

it.each([
  ["", "secret-1"],
  ["key-1", ""],
])("fails with what must be set for the keys <%s> and <%s>", async (accessKeyId, secretAccessKey) => {
  stubKeys(accessKeyId, secretAccessKey, "session-1");

  await expect(defaultProvider()()).rejects.toThrow(
    new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, Lambda does so from the function's role"),
  );
});
