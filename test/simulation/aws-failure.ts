import type { Fault } from "./fault.ts";

/** Throws what the SDK throws where a request to AWS met this fault. */
export function failureOf({ kind }: Fault): never {
  switch (kind) {
    case "error":
      throw awsError("InternalServiceError", { $fault: "server" });
    case "denied":
      throw awsError("AccessDeniedException", { $fault: "client" });
    case "lost":
      throw awsError("Error", { code: "ECONNRESET" });
    case "stall":
      throw awsError("TimeoutError", {});
    default:
      throw new Error(`no request to AWS fails with ${kind}`);
  }
}

function awsError(name: string, fields: object): Error {
  return Object.assign(new Error("the request failed"), { name, ...fields });
}
