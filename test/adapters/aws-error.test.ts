import { expect, it } from "vitest";
import { awsErrorName, isRefusal } from "../../lambda/adapters/aws-error.ts";

function awsError(name: string, fault?: "client" | "server"): Error {
  return Object.assign(new Error("the request held refresh-1"), { name }, fault && { $fault: fault });
}

it.each(["ResourceNotFoundException", "TimeoutError"])("names an error %s", (name) => {
  expect(awsErrorName(awsError(name))).toBe(name);
});

it("names an error of the system by its code", () => {
  expect(awsErrorName(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
});

it("prefers the service's name to a code", () => {
  expect(awsErrorName(Object.assign(awsError("InternalServiceError"), { code: "E500" }))).toBe("InternalServiceError");
});

it.each([
  ["an empty name", awsError("")],
  ["a sentence for a name", awsError("refresh-1 is invalid")],
  ["a name of 65 characters", awsError("E".repeat(65))],
  ["a sentence for a code", Object.assign(new Error("connect"), { code: "refresh-1 is invalid" })],
  ["no error", { name: "ResourceNotFoundException" }],
  ["text", "refresh-1"],
  ["nothing", undefined],
])("names what has %s UnknownError", (_, error) => {
  expect(awsErrorName(error)).toBe("UnknownError");
});

it.each([
  "AccessDeniedException",
  "InvalidParameterException",
  "ResourceExistsException",
  "ResourceNotFoundException",
  "LimitExceededException",
])("takes %s for a refusal", (name) => {
  expect(isRefusal(awsError(name, "client"))).toBe(true);
});

it.each([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "RequestExpired",
  "InvalidSignatureException",
  "EncryptionFailure",
  "DecryptionFailure",
])("takes %s for a fault that passes, though the service blames the client", (name) => {
  expect(isRefusal(awsError(name, "client"))).toBe(false);
});

it.each([
  ["the service's own fault", awsError("InternalServiceError", "server")],
  ["an error of the network", awsError("TimeoutError")],
  ["no error", { $fault: "client", name: "AccessDeniedException" }],
])("takes %s for no refusal", (_, error) => {
  expect(isRefusal(error)).toBe(false);
});
