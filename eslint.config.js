// Type-checked lint, strict where a slip would be silent: a promise or TaskEither nobody runs, a case nobody handles,
// a cast that hides a mistake. The layers' import rules stand here too, so that the editor shows them while typing;
// tests/architecture.test.ts proves them from the resolved imports.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { unusedEffect } from './infrastructure/build/unused-effect.mjs';

const typescript = ['**/*.ts', '**/*.tsx'];

// fp-ts/Either satisfies the compiler and the test runner and then fails in Node's own module loader.
const libraryPaths = [
  {
    regex: '^fp-ts(?!/lib/\\w+\\.js$)',
    message: "Import fp-ts as 'fp-ts/lib/Either.js': other paths fail under plain Node.",
  },
  {
    regex: '^io-ts/(?!lib/\\w+\\.js$)',
    message: "Import io-ts from its root or as 'io-ts/lib/….js': other paths fail under plain Node.",
  },
];

/** The import rules of one layer: its own, and those that hold everywhere (a later rule entry replaces an earlier one). */
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...libraryPaths, ...patterns] }],
});
const neverFrom = (layers, message) => ({ regex: `^(\\.\\./)+(${layers.join('|')})/`, message });
const onlyFpTs = {
  regex: '^(?!\\.{1,2}/|fp-ts/)',
  message: 'The domain and the application import nothing but themselves and fp-ts.',
};

const ambient = [
  ...['Date', 'process', 'console', 'performance', 'crypto', 'fetch', 'globalThis', 'global'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
].map((name) => ({ name, message: 'Time, ids, logs and waiting come in through the command or a port.' }));
const noRandom = {
  object: 'Math',
  property: 'random',
  message: 'Chance comes in through the command or a port.',
};
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only infrastructure reads the environment.',
};

const testFunction = '/^(it|test|describe|suite|bench)$/';
const unfinished = '[property.name=/^(only|skip|todo|fails)$/]';
const noUnfinishedTests = [
  `MemberExpression${unfinished}[object.name=${testFunction}]`,
  `MemberExpression${unfinished}[object.type="MemberExpression"][object.object.name=${testFunction}]`,
].map((selector) => ({
  selector,
  message: 'A test runs or does not exist; `skipIf` may name what is absent.',
}));

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.local/', 'infrastructure/aws/', '**/golden/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  { plugins: { '@typescript-eslint': tseslint.plugin } },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { checkout: { rules: { 'unused-effect': unusedEffect } } },
    rules: {
      'checkout/unused-effect': 'error',
      eqeqeq: ['error', 'always'],
      'no-param-reassign': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true, ignoreVoid: false }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/strict-boolean-expressions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      // The compiler reports unused names, and it knows more about them.
      '@typescript-eslint/no-unused-vars': 'off',
      // A port's in-memory form answers with a promise and has nothing to await.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      ...imports(),
    },
  },
  {
    files: ['domain/**', 'application/**'],
    rules: {
      'no-restricted-globals': ['error', ...ambient],
      'no-restricted-properties': ['error', noRandom, noEnvironment],
    },
  },
  {
    files: ['domain/**'],
    rules: imports(
      onlyFpTs,
      neverFrom(
        ['application', 'adapters', 'infrastructure', 'tests'],
        'The domain imports only the domain and fp-ts.',
      ),
    ),
  },
  {
    // Calendar arithmetic on given instants needs Date; the clock it could also read is refused here all the same.
    files: ['domain/instant.ts'],
    rules: {
      'no-restricted-globals': ['error', ...ambient.filter(({ name }) => name !== 'Date')],
      'no-restricted-properties': ['error', noRandom, noEnvironment, { object: 'Date', property: 'now' }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
          message: 'The domain is told the time.',
        },
      ],
    },
  },
  {
    files: ['application/**'],
    rules: imports(
      onlyFpTs,
      neverFrom(
        ['adapters', 'infrastructure', 'tests'],
        'The application knows ports, not what is behind them.',
      ),
    ),
  },
  {
    files: ['adapters/**'],
    rules: {
      'no-restricted-properties': ['error', noEnvironment],
      ...imports(
        neverFrom(
          ['infrastructure', 'tests'],
          'Adapters are handed their connections; they know no composition.',
        ),
      ),
    },
  },
  {
    files: ['infrastructure/**'],
    rules: imports(neverFrom(['tests'], 'Production code does not import tests.')),
  },
  {
    files: ['infrastructure/local/**'],
    rules: imports({
      regex: '^(\\.\\./){2,}(domain|application|adapters|tests)/',
      message: "A stand-in imitates somebody else's server and shares nothing with ours.",
    }),
  },
  {
    files: ['tests/**'],
    rules: {
      'no-restricted-syntax': ['error', ...noUnfinishedTests],
      // The runner's own matchers (`expect.any`) are typed as any, and stand inside expected values.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  // The configurations at the root belong to no TypeScript project.
  {
    files: ['*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'checkout/unused-effect': 'off' },
  },
);
