// A cron expression of Function Compute has six fields; a shorter one would never run.
const SCHEDULE = /^(?:@every \d+[smh]|(?:CRON_TZ=\S+ )?\S+(?: \S+){5})$/

type Timed = {
  timeout: number
  triggers: readonly { triggerType: string; triggerConfig: Record<string, unknown> }[]
  customDomain?: object
}

/** Returns the issues of the function that a timer calls. */
export function findTimerIssues({ triggers, customDomain, timeout }: Timed): string[] {
  const [{ triggerType, triggerConfig } = { triggerType: '', triggerConfig: {} }] = triggers
  const checks: [boolean, string][] = [
    [customDomain === undefined, 'is not for a route'],
    [triggers.length === 1 && triggerType === 'timer', 'needs exactly one trigger, a timer'],
    [triggerConfig.enable === true, 'its timer is not enabled'],
    [SCHEDULE.test(String(triggerConfig.cronExpression)), 'its schedule is none of a timer'],
    [timeout === 60, 'its timeout is not 60 s'],
  ]
  return checks.filter(([holds]) => !holds).map(([, issue]) => issue)
}
