package io.jobstarter.handler;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.jobstarter.InvalidJobException;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.Sha256;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.ParserContext;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.StringLiteral;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Text in which <code>#{…}</code> stands for what an expression of the Spring Expression
 * Language makes of a payload, such as <code>tenant-#{payload.tenant()}</code>. An
 * expression reads the payload, and nothing else: no types, beans or constructors.
 */
public final class PayloadExpression {

	private static final String START = "#{";

	private static final int MAX_SHOWN = 200;

	private static final SpelExpressionParser PARSER = new SpelExpressionParser();

	private static final EvaluationContext CONTEXT = SimpleEvaluationContext.forReadOnlyDataBinding()
		.withInstanceMethods()
		.build();

	private static final List<Class<? extends SpelNode>> FORBIDDEN = List.of(TypeReference.class,
			ConstructorReference.class, BeanReference.class, FunctionReference.class, Assign.class, OpInc.class,
			OpDec.class);

	private final String text;

	private final List<Expression> parts;

	private final boolean hashed;

	private PayloadExpression(String text, List<Expression> parts, boolean hashed) {
		this.text = text;
		this.parts = parts;
		this.hashed = hashed;
	}

	/**
	 * Tells whether a text has an expression in it.
	 * @param text the text
	 * @return whether it is to be parsed
	 */
	public static boolean isIn(String text) {
		return text.contains(START);
	}

	/**
	 * Reads a text with expressions in it.
	 * @param text the text, its placeholders resolved
	 * @return what it says
	 * @throws InvalidJobException if it is no expression, or reads more than the payload
	 */
	public static PayloadExpression parse(String text) {
		try {
			Expression parsed = PARSER.parseExpression(text, ParserContext.TEMPLATE_EXPRESSION);
			PayloadExpression expression = new PayloadExpression(text, (parsed instanceof CompositeStringExpression all)
					? Arrays.asList(all.getExpressions()) : List.of(parsed), false);
			expression.parts.forEach(expression::requireHarmless);
			return expression;
		}
		catch (ParseException | IllegalStateException ex) {
			String reason = (ex instanceof ParseException parse) ? parse.getSimpleMessage() : ex.getMessage();
			throw new InvalidJobException("The expression " + shown(text) + " cannot be parsed: " + reason
					+ ". Write one over the payload, such as #{payload.premium() ? 'vip' : 'default'}", ex);
		}
	}

	private void requireHarmless(Expression part) {
		if (part instanceof SpelExpression expression) {
			requireHarmless(expression.getAST());
		}
	}

	private void requireHarmless(SpelNode node) {
		if (FORBIDDEN.stream().anyMatch((type) -> type.isInstance(node))) {
			throw new InvalidJobException(
					"The expression " + this + " uses '" + CleanText.printable(node.toStringAST(), 100)
							+ "': it may read properties of the payload and call its methods, without types, beans, "
							+ "constructors, functions or assignments");
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			requireHarmless(node.getChild(i));
		}
	}

	/**
	 * Tells how every result begins.
	 * @return the text before the first expression
	 */
	String beginning() {
		return (this.parts.get(0) instanceof LiteralExpression literal) ? literal.getExpressionString() : "";
	}

	/**
	 * Lists the properties that it reads and the methods that it calls.
	 * @return their names
	 */
	Set<String> names() {
		Set<String> names = new HashSet<>();
		for (Expression part : this.parts) {
			if (part instanceof SpelExpression expression) {
				collectNames(expression.getAST(), names);
			}
		}
		return names;
	}

	private static void collectNames(SpelNode node, Set<String> names) {
		if (node instanceof PropertyOrFieldReference property) {
			names.add(property.getName());
		}
		else if (node instanceof MethodReference method) {
			names.add(method.getName());
		}
		else if (node instanceof StringLiteral literal) {
			// A property may be read by its name, as in payload['token'].
			names.add(String.valueOf(literal.getLiteralValue().getValue()));
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			collectNames(node.getChild(i), names);
		}
	}

	/**
	 * Makes an expression whose results tell payloads apart without showing what is in
	 * them.
	 * @return the expression, which gives hashes of what this one gives
	 */
	PayloadExpression hashed() {
		return new PayloadExpression(this.text, this.parts, true);
	}

	/**
	 * Makes the text for a payload.
	 * @param payload the payload
	 * @return the text
	 * @throws InvalidJobException if an expression fails or gives {@code null}; the
	 * message shows the expression, but nothing of the payload
	 */
	public String evaluate(Object payload) {
		Root root = new Root(payload);
		StringBuilder result = new StringBuilder();
		this.parts.forEach((part) -> result.append(evaluate(part, root)));
		return this.hashed ? "sha256-" + Sha256.hex(result.toString()) : result.toString();
	}

	private String evaluate(Expression part, Root root) {
		String value = tryToEvaluate(part, root);
		if (value == null) {
			throw new InvalidJobException("the expression " + this + " gave null for this payload");
		}
		return value;
	}

	// Messages of what was thrown may quote the payload: the cause has them.
	private @Nullable String tryToEvaluate(Expression part, Root root) {
		try {
			return part.getValue(CONTEXT, root, String.class);
		}
		catch (RuntimeException ex) {
			String reason = (ex instanceof SpelEvaluationException spel) ? spel.getMessageCode().name()
					: ex.getClass().getName();
			throw new InvalidJobException("the expression " + this + " failed for this payload with " + reason, ex);
		}
	}

	/**
	 * Shows the text.
	 * @return the text in quotes, fit for a message
	 */
	@Override
	public String toString() {
		return shown(this.text);
	}

	private static String shown(String text) {
		return "'" + CleanText.printable(text, MAX_SHOWN) + "'";
	}

	/**
	 * What expressions see.
	 *
	 * @param payload the payload
	 */
	record Root(Object payload) {
	}

}
