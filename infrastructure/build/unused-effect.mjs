// A lint rule: a statement that computes a Task, a TaskEither or an Either and drops it does nothing at all, and
// neither the compiler nor the usual rules for promises see it.

const taggedNames = new Set(['Left', 'Right', 'None', 'Some']);

/** Whether a value of this type is a description of work (a function of no argument giving a promise) or an outcome. */
function isUnused(type) {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    if (taggedNames.has(part.symbol?.name) && part.getProperty('_tag')) return true;
    return part
      .getCallSignatures()
      .some((call) => call.parameters.length === 0 && call.getReturnType().symbol?.name === 'Promise');
  });
}

export const unusedEffect = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { unused: 'This value is an outcome or work not yet run; dropping it does nothing.' },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    return {
      ExpressionStatement({ expression }) {
        if (expression.type === 'AssignmentExpression') return;
        const settled = expression.type === 'UnaryExpression' && expression.operator === 'void';
        const value = settled ? expression.argument : expression;
        if (isUnused(services.getTypeAtLocation(value))) {
          context.report({ node: expression, messageId: 'unused' });
        }
      },
    };
  },
};
