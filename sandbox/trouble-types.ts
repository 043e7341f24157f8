/** What people can break by hand on the page. The server and the page share this. All false: everything works. */
export interface Trouble {
  /** The bucket answers nobody. */
  s3Down: boolean;
  /** Slack answers the bot with 503 and holds no connection to it; the page goes on. */
  slackDown: boolean;
  /** The bot's downloads and uploads crawl. */
  slowNetwork: boolean;
  /** The bot gets no events. */
  eventsLost: boolean;
}
