import { type ContainerDefinition, type ContainerImage, Secret, type TaskDefinition } from "aws-cdk-lib/aws-ecs";
import type { XtTokenRotation } from "../../lib/xt-token-rotation.ts";

/** The container finds the token in XT_ACCESS_TOKEN, as it was when the task started. */
export function addDesk(task: TaskDefinition, image: ContainerImage, rotation: XtTokenRotation): ContainerDefinition {
  return task.addContainer("Desk", {
    image,
    memoryLimitMiB: 512,
    secrets: { XT_ACCESS_TOKEN: Secret.fromSecretsManager(rotation.accessTokenSecret, "access_token") },
  });
}
