/** Reads the access token. `isFresh` asks for one that comes from no cache. */
export type ReadToken = (isFresh: boolean) => Promise<string>;

/** Calls XT. Where XT refuses the token, a renewal may have replaced it: then it is read once more, and the call is made again. */
export async function callXt(url: string, readToken: ReadToken): Promise<Response> {
  const token = await readToken(false);
  const response = await send(url, token);
  if (!(await isTokenRefused(response))) return response;
  const newer = await readToken(true);
  return newer === token ? response : send(url, newer);
}

function send(url: string, token: string): Promise<Response> {
  return fetch(url, { headers: { "access-token": token }, signal: AbortSignal.timeout(10_000) });
}

/** XT has refusals with HTTP 200 too, and names the reason in the body. */
async function isTokenRefused(response: Response): Promise<boolean> {
  if (response.status === 401) return true;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return /^AUTH_/.test(String(Object(body).mc));
}
