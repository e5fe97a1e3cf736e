import { Refusal } from "../aws-json/refusal.ts";
import type { Operation } from "../aws-json/service.ts";
import { LIMIT } from "./limits.ts";
import { seconds, type World } from "./read-operations.ts";
import { SecretFields } from "./secret-fields.ts";
import { stateOf } from "./secrets.ts";
import { newVersion } from "./version.ts";
import { addVersion, labelsOf, moveLabel } from "./versions.ts";

/** The writes. Each acts on the true state, whatever the reads have been told to answer. */
export const WRITE_OPERATIONS: Readonly<Record<string, Operation<World>>> = {
  CreateSecret(input, { secrets, nowMs }) {
    const known = [
      "Name",
      "ClientRequestToken",
      "SecretString",
      "SecretBinary",
      "Description",
      "KmsKeyId",
      "Tags",
    ] as const;
    const fields = new SecretFields("CreateSecret", input, known);
    const name = fields.text("Name", LIMIT.nameLength);
    if (!/^[\w/+=.@-]+$/.test(name)) {
      throw new Refusal(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
      );
    }
    const value = fields.optionalValue("SecretString", "SecretBinary");
    const version = value && newVersion(fields.requestToken("ClientRequestToken"), value, nowMs);
    const description = fields.optionalText("Description", LIMIT.textLength);
    const kmsKeyId = fields.optionalText("KmsKeyId", LIMIT.textLength);
    const tags = fields.optionalTags("Tags");
    const { arn } = secrets.create({ name, description, kmsKeyId, tags, version }, nowMs);
    return { ARN: arn, Name: name, VersionId: version?.id };
  },

  PutSecretValue(input, { secrets, nowMs }) {
    const known = ["SecretId", "ClientRequestToken", "SecretString", "SecretBinary", "VersionStages"] as const;
    const fields = new SecretFields("PutSecretValue", input, known);
    const secretId = fields.text("SecretId", LIMIT.textLength);
    const id = fields.requestToken("ClientRequestToken");
    const labels = fields.optionalLabels("VersionStages");
    const value = fields.optionalValue("SecretString", "SecretBinary");
    if (value === undefined) {
      throw new Refusal("InvalidRequestException", "You must provide either SecretString or SecretBinary.");
    }
    const version = newVersion(id, value, nowMs);
    const secret = secrets.change(secretId, nowMs, (versions) => addVersion(versions, version, labels));
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: id,
      VersionStages: labelsOf(stateOf(secret).versions, id),
    };
  },

  UpdateSecretVersionStage(input, { secrets, nowMs }) {
    const known = ["SecretId", "VersionStage", "RemoveFromVersionId", "MoveToVersionId"] as const;
    const fields = new SecretFields("UpdateSecretVersionStage", input, known);
    const secretId = fields.text("SecretId", LIMIT.textLength);
    const label = fields.text("VersionStage", LIMIT.labelLength);
    const from = fields.optionalVersionId("RemoveFromVersionId");
    const to = fields.optionalVersionId("MoveToVersionId");
    const { arn, name } = secrets.change(secretId, nowMs, (versions) => moveLabel(versions, { label, from, to }));
    return { ARN: arn, Name: name };
  },

  DeleteSecret(input, { secrets, nowMs }) {
    const known = ["SecretId", "RecoveryWindowInDays", "ForceDeleteWithoutRecovery"] as const;
    const fields = new SecretFields("DeleteSecret", input, known);
    const secretId = fields.text("SecretId", LIMIT.textLength);
    const days = fields.optionalInteger("RecoveryWindowInDays", LIMIT.recoveryWindowDays);
    const isForced = fields.optionalFlag("ForceDeleteWithoutRecovery") === true;
    if (isForced && days !== undefined) {
      throw new Refusal(
        "InvalidParameterException",
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    const { arn, name } = secrets.find(secretId);
    if (isForced) secrets.forget(secretId);
    const dueAtMs = isForced ? nowMs : secrets.scheduleDeletion(secretId, nowMs, days);
    return { ARN: arn, Name: name, DeletionDate: seconds(dueAtMs) };
  },

  RestoreSecret(input, { secrets, nowMs }) {
    const fields = new SecretFields("RestoreSecret", input, ["SecretId"]);
    const { arn, name } = secrets.restore(fields.text("SecretId", LIMIT.textLength), nowMs);
    return { ARN: arn, Name: name };
  },
};
