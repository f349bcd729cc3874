/** Who may import whom: the arrows of ARCHITECTURE.md. */

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(domain|workflows|activities|registry|worker|api|cli|services|config|test|ops)/',
    pathNot: [from, ...allowed],
  },
});

module.exports = {
  forbidden: [
    only('domain-is-pure', '^domain/', [], 'domain/ imports nothing of ours'),
    {
      name: 'domain-has-no-dependencies',
      comment: 'domain/ does no I/O and has no npm packages (sha256.ts and typed arrays are its own)',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    only(
      'contracts-know-domain',
      '^workflows/contracts/',
      ['^domain/'],
      'contracts are what api, cli and services may import',
    ),
    {
      name: 'workflows-see-types-only',
      comment: 'a value import from activities/ or registry/ would end in the workflow bundle',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|registry)/', dependencyTypesNot: ['type-only'] },
    },
    only('workflows', '^workflows/', ['^domain/', '^activities/', '^registry/'], 'workflows/ knows domain/ and types'),
    {
      name: 'workflows-are-deterministic',
      comment: 'no Node built-ins and no zod in workflow code',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '(^|/)node_modules/zod/|^(fs|path|os|crypto|child_process|net|http|https|timers)',
        dependencyTypesNot: ['type-only'],
      },
    },
    only(
      'process-stands-alone',
      '^activities/process/',
      ['^domain/'],
      'supervision of processes knows only our errors',
    ),
    {
      name: 'process-without-temporal',
      comment: 'activities/process/ has its own tests with kill -9, without Temporal',
      severity: 'error',
      from: { path: '^activities/process/' },
      to: { path: 'node_modules/@temporalio' },
    },
    only(
      'activities',
      '^activities/',
      ['^domain/', '^registry/', '^workflows/contracts/'],
      'what activities need else is given to them by worker/',
    ),
    only('registry', '^registry/', ['^domain/'], 'registry/ knows domain/, nothing above it'),
    only('config', '^config/', ['^domain/'], 'config/ knows domain/'),
    only('worker', '^worker/', ['^(domain|registry|activities|workflows|config)/'], 'worker/ wires it together'),
    only(
      'api',
      '^api/',
      ['^(domain|registry|config)/', '^workflows/contracts/'],
      'the gateway starts workflows by contract',
    ),
    only(
      'cli',
      '^cli/',
      [
        '^(domain|config|services)/',
        '^api/(client|contracts)/',
        '^activities/(incoming|process|stage-runner)/',
        '^workflows/contracts/',
      ],
      'commands call the generated client, or a single stage',
    ),
    only(
      'services',
      '^services/',
      ['^(domain|config)/', '^activities/process/', '^workflows/contracts/search-attributes'],
      'the supervisor starts programs, it holds none of their code',
    ),
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { pathNot: '^(test|ops)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-packages-in-production',
      severity: 'error',
      from: { path: '^(domain|workflows|activities|registry|worker|api|cli|services|config)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
