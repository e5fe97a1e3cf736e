/**
 * What the escrow needs of the SDK's client for SSM. A module of its own: whatever is imported dynamically is bundled with all that it
 * exports, and the whole client is more than twice as large and keeps parts of the SDK in what a start loads.
 */
export {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterAlreadyExists,
  ParameterTier,
  ParameterType,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
