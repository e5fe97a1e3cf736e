/** What Lambda tells a handler of one invocation that ends at this time, in milliseconds since the epoch. */
export function contextOf(requestId, endsAtMs) {
  return {
    awsRequestId: requestId,
    functionName: "xt-token-rotation",
    functionVersion: "1",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:xt-token-rotation:live",
    memoryLimitInMB: "1769",
    getRemainingTimeInMillis: () => endsAtMs - Date.now(),
  };
}
