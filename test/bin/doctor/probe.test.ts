import { createServer } from "node:http";
import { expect, it } from "vitest";
import { probe } from "../../../bin/doctor/probe.ts";
import { listen } from "../../adapters/fixtures/wire-server.ts";

it("asks for a head with our User-Agent and without credentials", async () => {
  const server = await listen(createServer((_, response) => response.writeHead(404).end()));

  const probed = await probe(new URL(`http://127.0.0.1:${server.port}/`));

  expect(probed).toMatchObject({ kind: "answered", status: 404 });
  expect(server.requests.map(({ method, url, headers }) => ({ method, url, headers }))).toEqual([
    {
      method: "HEAD",
      url: "/",
      headers: {
        "user-agent": "xt-token-rotation/0.1.0",
        host: `127.0.0.1:${server.port}`,
        connection: "close",
      },
    },
  ]);
});
