/**
 * Calls `begin` once for each label value. A series that first appears with 1 looks to Prometheus as if it had never
 * grown, so all outcomes begin at 0 as soon as there is one. Source: prometheus.io/docs/practices/instrumentation, "Avoid
 * missing metrics".
 */
export function fromZero(begin: (label: string) => void): (label: string) => void {
  const begun = new Set<string>();
  return (label) => {
    if (begun.has(label)) return;
    begun.add(label);
    begin(label);
  };
}
