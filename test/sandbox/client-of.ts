import { onTestFinished } from "vitest";

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** The real client of a service, which talks to a stand-in and sends each request once. Both end with the test. */
export function clientOf<Client extends { destroy(): void }>(
  standIn: { readonly url: string; close(): Promise<void> },
  ClientClass: new (settings: Settings) => Client,
): Client {
  const client = new ClientClass({
    endpoint: standIn.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await standIn.close();
  });
  return client;
}
