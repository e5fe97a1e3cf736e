import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";

const KEY_EXPECTED = "expected the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not of an alias";

it.each([
  "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
  "arn:aws:kms:eu-west-1:111122223333:alias/xt",
  "arn:aws:kms:eu-west-1:111122223333:key/*",
  "arn:aws:kms:eu-west-1:1111:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
])("refuses the key '%s'", (arn) => {
  // given
  const context = { encryptionKeyArn: arn };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`encryptionKeyArn: found '${arn}', ${KEY_EXPECTED}`));
});

it("takes the key of several Regions", () => {
  // given
  const arn = "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b2c3d0a1b2c3d4e5f0a1b2c3d4e5f";

  // when
  const settings = readSettings({ encryptionKeyArn: arn });

  // then
  expect(settings.encryptionKeyArn).toBe(arn);
});

it.each([
  "token",
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:xt/pair",
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:xt-AbCdE",
  "arn:aws:secretsmanager:eu-west-1:1111:secret:xt-AbCdEf",
  "arn:aws:ssm:eu-west-1:111122223333:secret:xt-AbCdEf",
])("refuses the secret '%s' and says where its whole ARN is to be found", (arn) => {
  // given
  const context = { tokenSecretArn: arn };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      `tokenSecretArn: found '${arn}', expected the whole ARN of a secret, ` +
        "arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>, " +
        "as aws secretsmanager describe-secret --secret-id <name> prints it",
    ),
  );
});

it.each([
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:RotationTokenSecretB20C8425-Xw2b-AbCdEf",
  "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:xt/pair+1=a.b@c_d-a1B2c3",
])("takes the secrets that stand already: %s", (arn) => {
  // given
  const context = { tokenSecretArn: arn, clientSecretArn: arn, accessTokenSecretArn: arn };

  // when
  const settings = readSettings(context);

  // then
  expect(settings).toMatchObject({ tokenSecretArn: arn, clientSecretArn: arn, accessTokenSecretArn: arn });
});

it.each([
  "default",
  "arn:aws:events:eu-west-1:111122223333:rule/trading",
  "arn:aws:events:eu-west-1:1111:event-bus/trading",
])("refuses the event bus '%s'", (arn) => {
  // given
  const context = { eventBusArn: arn };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      `eventBusArn: found '${arn}', expected the ARN of an event bus, arn:aws:events:<region>:<account>:event-bus/<name>`,
    ),
  );
});
