import { ArnFormat, Fn, Stack } from "aws-cdk-lib";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { checked } from "./checked.ts";
import type { ConnectionPlace } from "./connection-secrets.ts";
import { regionOf } from "./secret-access.ts";
import { connectionPrefixFault } from "./settings.ts";
import { XtTokenRotationBase } from "./xt-token-rotation-base.ts";

/** A rotation that is deployed already, in this account and Region. */
export interface XtTokenRotationAttributes {
  /** The function with its alias, as the stack's output `FunctionName` tells. */
  readonly functionName: string;
  /** What workloads read, with its key if it has one of its own. The secrets of further connections have the same key. */
  readonly accessTokenSecret: ISecret;
  /**
   * Beginning of the names of further connections' secrets, as the stack's output `ConnectionPrefix` tells.
   * @default - only the access token of `default` can be granted
   */
  readonly connectionPrefix?: string;
}

/** A rotation of another app. */
export class ImportedRotation extends XtTokenRotationBase {
  readonly functionName: string;
  readonly functionArn: string;
  protected readonly unqualifiedName: string;
  readonly accessTokenSecret: ISecret;
  readonly connectionPrefix: string | undefined;
  protected readonly connectionPlace: ConnectionPlace | undefined;

  constructor(scope: Construct, id: string, attributes: XtTokenRotationAttributes) {
    super(scope, id);
    const { functionName, accessTokenSecret, connectionPrefix: prefix } = attributes;
    this.functionName = functionName;
    this.functionArn = Stack.of(this).formatArn({
      service: "lambda",
      resource: "function",
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.unqualifiedName = Fn.select(0, Fn.split(":", functionName));
    this.accessTokenSecret = accessTokenSecret;
    this.connectionPrefix = prefix;
    const { encryptionKey } = accessTokenSecret;
    if (prefix !== undefined)
      this.connectionPlace = {
        prefix: checked("connectionPrefix", prefix, connectionPrefixFault),
        encryptionKey,
        region: regionOf(accessTokenSecret),
      };
  }
}
