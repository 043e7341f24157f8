import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from '@aws-sdk/client-s3';

const status = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/**
 * What the environment says of the bucket, for a bot of its own. Empty without `VAULT_BUCKET`: then the sandbox's bucket
 * is meant.
 */
export function namedStore(): Record<string, string> {
  if (!process.env.VAULT_BUCKET) return {};
  const named =
    /^(HOME|VAULT_BUCKET|VAULT_S3_.*|AWS_.*|HTTPS?_PROXY|NO_PROXY|NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA))$/i;
  const given = Object.entries(process.env).flatMap(([name, value]) =>
    named.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  const none = { AWS_ENDPOINT_URL_S3: '', VAULT_S3_PATH_STYLE: '', AWS_REGION: '' };
  return { ...none, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', ...Object.fromEntries(given) };
}

interface Version {
  Key: string;
  VersionId?: string;
  Size?: number;
}

/** A view of what a bot has in its bucket, past the bot and its code. */
export interface Look {
  s3: S3Client;
  /** Null without Object Lock; `days`: how long the bucket keeps each object by itself, if it does. */
  lock: { days: number | null } | null;
  /** Everything whose key has this text, with versions and delete markers where the store has them. */
  versionsOf: (text: string) => Promise<Version[]>;
  bytesOf: (fileId: string) => Promise<Uint8Array>;
  /** Removes what the store lets go, and lifts legal holds first. */
  empty: () => Promise<void>;
}

/** Looks at what is under `prefix`, with the bot's own credentials. */
export async function lookAt(env: Record<string, string>, prefix: string): Promise<Look> {
  const Bucket = env.VAULT_BUCKET as string;
  const s3 = new S3Client({
    ...(env.AWS_ENDPOINT_URL_S3 && { endpoint: env.AWS_ENDPOINT_URL_S3 }),
    ...(env.AWS_REGION && { region: env.AWS_REGION }),
    forcePathStyle: env.VAULT_S3_PATH_STYLE === '1',
    ...(env.AWS_ACCESS_KEY_ID && {
      credentials: {
        accessKeyId: env.AWS_ACCESS_KEY_ID,
        secretAccessKey: env.AWS_SECRET_ACCESS_KEY as string,
        ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
      },
    }),
  });

  const lockOf = async () => {
    try {
      const command = new GetObjectLockConfigurationCommand({ Bucket });
      const { ObjectLockConfiguration: found } = await s3.send(command);
      if (found?.ObjectLockEnabled !== 'Enabled') return null;
      const { Days, Years } = found.Rule?.DefaultRetention ?? {};
      return { days: Days ?? (Years ? Years * 365 : null) };
    } catch (error) {
      if (status(error) === undefined) throw error;
      return null;
    }
  };
  const everything = async () => {
    const about = { Bucket, Prefix: `${prefix}/` };
    const found = await s3.send(new ListObjectVersionsCommand(about)).then(
      ({ Versions = [], DeleteMarkers = [] }) => [...Versions, ...DeleteMarkers],
      async (error) => {
        if (status(error) === undefined) throw error;
        return (await s3.send(new ListObjectsV2Command(about))).Contents ?? [];
      },
    );
    return found as Version[];
  };
  const versionsOf = async (text: string) => (await everything()).filter(({ Key }) => Key.includes(text));

  const lock = await lockOf();
  return {
    ...{ s3, lock, versionsOf },
    bytesOf: async (fileId) => {
      const [object] = await versionsOf(fileId);
      const answer = await s3.send(new GetObjectCommand({ Bucket, Key: object?.Key }));
      return (await answer.Body?.transformToByteArray()) as Uint8Array;
    },
    empty: async () => {
      for (const { Key, VersionId } of await everything()) {
        const about = { Bucket, Key, VersionId };
        // A delete marker has no hold to lift.
        if (lock)
          await s3
            .send(new PutObjectLegalHoldCommand({ ...about, LegalHold: { Status: 'OFF' } }))
            .catch(() => {});
        if (!lock?.days) await s3.send(new DeleteObjectCommand(about));
      }
    },
  };
}
