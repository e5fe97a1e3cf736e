import { STACK_NAME } from "../deployed.ts";
import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";

const NAMESPACE = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';
const STACK_ID = `arn:aws:cloudformation:us-east-1:123456789012:stack/${STACK_NAME}/00000000-0000-4000-8000-000000000000`;

/**
 * Answers CloudFormation's `DescribeStacks` for the one stack (query protocol); `undefined` for any other request.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export function answerCloudFormation(
  { headers, body }: WholeRequest,
  outputs: Readonly<Record<string, string>>,
  createdAtMs: number,
): Answer | undefined {
  if (!headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  const form = new URLSearchParams(body);
  const action = form.get("Action") ?? "";
  if (action !== "DescribeStacks") {
    return xmlRefusal("InvalidAction", `Could not find operation ${action} in this stand-in`);
  }
  const asked = form.get("StackName") ?? STACK_NAME;
  if (asked !== STACK_NAME) return xmlRefusal("ValidationError", `Stack with id ${asked} does not exist`);
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${xmlEscaped(value)}</OutputValue></member>`,
  );
  const stack = [
    `<StackName>${STACK_NAME}</StackName>`,
    `<StackId>${STACK_ID}</StackId>`,
    `<CreationTime>${new Date(createdAtMs).toISOString()}</CreationTime>`,
    "<StackStatus>CREATE_COMPLETE</StackStatus>",
    `<Outputs>${members.join("")}</Outputs>`,
  ];
  const result = `<DescribeStacksResult><Stacks><member>${stack.join("")}</member></Stacks></DescribeStacksResult>`;
  return xml(200, `<DescribeStacksResponse ${NAMESPACE}>${result}</DescribeStacksResponse>`);
}

function xmlRefusal(code: string, message: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${xmlEscaped(message)}</Message></Error>`;
  return xml(400, `<ErrorResponse ${NAMESPACE}>${error}</ErrorResponse>`);
}

function xml(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/xml" }, body };
}

function xmlEscaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
