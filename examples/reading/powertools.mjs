import { getSecret } from "@aws-lambda-powertools/parameters/secrets";

export async function readToken(isFresh) {
  const options = { transform: "json", maxAge: 300, forceFetch: isFresh };
  const { access_token } = await getSecret(process.env.XT_ACCESS_TOKEN_SECRET_ARN, options);
  return access_token;
}
