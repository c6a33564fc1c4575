/** What SQL is sent through: a database, or one transaction on it. */
export interface Connection {
  /**
   * Runs SQL; several statements may stand in it where there are no parameters.
   *
   * @returns the rows of the last statement
   */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** The database: PostgreSQL, embedded or a server. */
export interface Database extends Connection {
  /** Whether other processes can use it too. */
  readonly shared: boolean;
  /**
   * Does several things or none of them. Once it has returned, what was done survives the end of every process; where it
   * throws, nothing was done.
   */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Ends the connections. */
  close(): Promise<void>;
}
