import tseslint from 'typescript-eslint';

/** Rules of the house: docs/contributing.md. Types are checked by tsc, layout by prettier, arrows by dependency-cruiser. */
export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist.new.*/',
      'dist.old.*/',
      '.meridian/',
      '.cache/',
      'node_modules/',
      'compute/',
      'test/fixtures/',
      'test/replay/histories/',
      'domain/generated/',
      'api/client/schema.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Parameter types of a class with decorators are values at run time: Nest injects by them.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', { max: 3 }],
      'max-depth': ['error', { max: 3 }],
      complexity: ['error', { max: 12 }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['error'] }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'process', 'Buffer', 'setInterval'].map((name) => ({
          name,
          message: 'workflow code is deterministic',
        })),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A describe block is one function that holds its tests.
      'max-lines-per-function': 'off',
      // The columns of a test.each table are its parameters.
      'max-params': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo)$/]',
          message: 'no test is skipped',
        },
      ],
    },
  },
  // Our error takes what Error takes, and a code and a context before.
  { files: ['domain/errors.ts'], rules: { 'max-params': ['error', { max: 4 }] } },
  { files: ['ops/**/*.ts', 'test/bench/**/*.ts'], rules: { 'no-console': 'off' } },
);
