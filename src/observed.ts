/** What Slack's and the bucket's side tell whoever counts. They know nothing of metrics. */

/** One delivery of Slack that was answered or refused. */
export interface DeliveryDone {
  /** What it was; see `deliveryKind` in slack/deliver.ts. From a fixed list. */
  kind: string;
  /** False: it was not acknowledged, and Slack sends it again. */
  acknowledged: boolean;
  /** From its arrival to the acknowledgement, or to the refusal. */
  seconds: number;
}

/** One call to Slack's Web API that was sent and ended. */
export interface SlackCallDone {
  method: string;
  outcome: 'ok' | 'rate_limited' | 'unauthorized' | 'refused' | 'failed';
  seconds: number;
}

export interface SlackCallObserver {
  done(call: SlackCallDone): void;
  /** A call waited for its turn before it was sent: for Slack's limits, and for the calls before it. */
  waited(method: string, seconds: number): void;
}

/** One request to the bucket that ended. */
export interface S3RequestDone {
  /** S3's own name: `PutObject`, `HeadObject`, … */
  operation: string;
  /** `aborted`: the vault ended it, as the file's source broke off or the process stops. `taken`: the key is taken. */
  outcome:
    | ('ok' | 'not_found' | 'taken' | 'slow_down' | 'denied')
    | ('refused' | 'failed' | 'unreachable' | 'aborted');
  seconds: number;
}

/** What `/metrics` answers. */
export interface MetricsPage {
  text(): Promise<string>;
  contentType: string;
}
