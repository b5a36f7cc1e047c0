const userInfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'`]*(?:@[^\s/@"'`]*)*@/gi;

/** Takes secrets out of whatever is shown. */
export interface Redaction {
  /** Remembers a connection string, whose secrets are not shown from now on. */
  learn(uri: string): void;
  /** The text without secrets. */
  clean(text: string): string;
}

/** Knows no secret yet; user and password of a connection string in a text are taken out in any case. */
export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    learn: (uri) => {
      for (const secret of secretsOf(uri)) secrets.add(secret);
    },
    clean: (text) => {
      let cleaned = text.replace(userInfo, "$1***@");
      // the longest first: one may hold another
      for (const secret of [...secrets].sort((a, b) => b.length - a.length))
        cleaned = cleaned.replaceAll(secret, "***");
      return cleaned;
    },
  };
}

const isFile = /^sqlite:/i;

/** A connection string as it may be shown: without user, password and options. */
export function shownUri(uri: string): string {
  // one whose scheme was forgotten has secrets too
  if (isFile.test(uri)) return uri;
  return uri.replace(/^([a-z][a-z0-9+.-]*:\/+)?(?:.*@)?/i, "$1").replace(/\?.*$/s, "");
}

/** Whether a connection string has a password in it. */
export function hasSecret(uri: string): boolean {
  return secretsOf(uri).length > 0;
}

const secretOptions = /^(?:tlsCertificateKeyFilePassword|authMechanismProperties|password|proxyPassword)$/i;

function secretsOf(uri: string): string[] {
  if (isFile.test(uri)) return [];
  const [, info] = /^(?:[a-z][a-z0-9+.-]*:\/+)?(.*)@/i.exec(uri) ?? [];
  const password = info === undefined ? "" : info.slice(info.indexOf(":") + 1);
  const secrets = info?.includes(":") ? [password] : [];
  const options = uri.split("?").slice(1).join("?").split("&");
  for (const option of options) {
    const [name = "", value = ""] = option.split("=");
    if (secretOptions.test(name)) secrets.push(value);
  }
  return secrets.flatMap((secret) => [secret, decoded(secret)]).filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
