package io.jobstarter.worker;

import java.util.List;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * What a handler may throw that is hard to record.
 */
final class MonstrousErrors {

	private MonstrousErrors() {
	}

	static List<Throwable> all() {
		Exception circle = new Exception("circle");
		circle.initCause(new Exception("of causes", circle));
		Exception suppressing = new Exception("suppressing");
		suppressing.addSuppressed(new Unreadable());
		suppressing.addSuppressed(new Exception("\uDC00\u0000".repeat(10_000)));
		return List.of(new Exception("x".repeat(50_000_000)), circle,
				new Exception("a\u0000b\uD800c\uDC00".repeat(1_000)), new Unreadable(), suppressing,
				new RuntimeException("wrapping", new Unreadable()), new StackOverflowError(), unnameable());
	}

	/**
	 * Makes an error each of whose methods throws.
	 * @return the error
	 */
	static RuntimeException unreadable() {
		return new Unreadable();
	}

	/**
	 * Makes an error of a class that was generated, and is named as no source can name
	 * it.
	 * @return the error
	 */
	static Throwable unnameable() {
		try {
			return (Throwable) new Generated().define("Bad\u0000\uD800\n\u001Bc" + "x".repeat(5_000) + "Error")
				.getConstructor()
				.newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Throws what need not be declared.
	 * @param error what to throw
	 * @return never
	 * @throws E the error
	 */
	@SuppressWarnings("unchecked")
	static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
		throw (E) error;
	}

	/**
	 * Makes classes of exceptions.
	 */
	private static final class Generated extends ClassLoader {

		private static final String PARENT = "java/lang/RuntimeException";

		Class<?> define(String name) {
			ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, PARENT, null);
			MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
			constructor.visitCode();
			constructor.visitVarInsn(Opcodes.ALOAD, 0);
			constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, PARENT, "<init>", "()V", false);
			constructor.visitInsn(Opcodes.RETURN);
			constructor.visitMaxs(0, 0);
			constructor.visitEnd();
			writer.visitEnd();
			byte[] bytes = writer.toByteArray();
			return defineClass(null, bytes, 0, bytes.length);
		}

	}

	/**
	 * Each of its methods throws.
	 */
	private static final class Unreadable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException();
		}

		@Override
		public String getLocalizedMessage() {
			throw new IllegalStateException();
		}

		@Override
		public synchronized Throwable getCause() {
			throw new IllegalStateException();
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new IllegalStateException();
		}

		@Override
		public String toString() {
			throw new IllegalStateException();
		}

	}

}
