package io.vnfkit.ivshmem.access;

import io.vnfkit.ivshmem.memory.SharedWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The classes of this module once more, with a call of {@link Accesses} in the place of each load, store and fence. A
 * way to reach memory that is not known here is refused, so that none is forgotten.
 */
public final class ObservedClasses extends ClassLoader {

    private static final String MODULE = "io.vnfkit.ivshmem.";
    private static final String SELF = "io.vnfkit.ivshmem.access.";
    private static final String BUFFERS = "java/nio/";
    private static final String WORDS = Type.getInternalName(SharedWords.class);
    private static final String VAR_HANDLE = Type.getInternalName(VarHandle.class);
    private static final String ACCESSES = Type.getInternalName(Accesses.class);
    /** What both sides of this loader know. */
    private static final Set<String> KNOWN_OUTSIDE =
            Set.of("io.vnfkit.ivshmem.crash.Life",
            "io.vnfkit.ivshmem.hostile.Target", "io.vnfkit.ivshmem.order.Duel");
    private static final Set<String> FENCES = Set.of("fullFence", "acquireFence", "releaseFence");

    public ObservedClasses() {
        super(ObservedClasses.class.getClassLoader());
    }

    /**
     * Makes an object of a class as it is loaded here.
     *
     * @param known its type outside
     * @param arguments numbers for its constructor
     */
    public <T> T make(Class<T> known, Class<? extends T> type, int... arguments) {
        try {
            Object[] values = java.util.Arrays.stream(arguments).boxed().toArray();
            Class<?>[] types = java.util.Arrays.stream(arguments).mapToObj(each -> int.class).toArray(Class<?>[]::new);
            return known.cast(loadClass(type.getName()).getConstructor(types).newInstance(values));
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof Error error ? error : new AssertionError(type.getName(), failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(type.getName(), failure);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean isObserved = name.startsWith(MODULE) && !name.startsWith(SELF) && !name.equals(SharedWords.class.getName())
                && !KNOWN_OUTSIDE.contains(name);
        if (!isObserved) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            ClassReader reader = new ClassReader(in);
            ClassWriter writer = new ClassWriter(0);
            reader.accept(new Rewriter(writer), 0);
            byte[] bytes = writer.toByteArray();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static final class Rewriter extends ClassVisitor {

        Rewriter(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(api, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                @Override
                public void visitMethodInsn(int code, String owner, String method, String type, boolean isInterface) {
                    if (owner.startsWith(BUFFERS) && (isAccess(method) || isView(method))) {
                        super.visitMethodInsn(
                                Opcodes.INVOKESTATIC, ACCESSES, method, known(method, withReceiver(owner, type)), false);
                    } else if (owner.equals(WORDS) || owner.equals(VAR_HANDLE) && FENCES.contains(method)) {
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, ACCESSES, method, known(method, type), false);
                    } else {
                        super.visitMethodInsn(code, owner, method, type, isInterface);
                    }
                }
            };
        }
    }

    private static boolean isAccess(String method) {
        return method.startsWith("put") || method.startsWith("get");
    }

    /** A buffer of other elements over the same memory. */
    private static boolean isView(String method) {
        return method.startsWith("as") && !method.equals("asReadOnlyBuffer");
    }

    private static String withReceiver(String owner, String type) {
        return "(L" + owner + ";" + type.substring(1);
    }

    private static String known(String method, String type) {
        boolean isKnown = java.util.Arrays.stream(Accesses.class.getMethods())
                .anyMatch(each -> each.getName().equals(method) && Type.getMethodDescriptor(each).equals(type));
        if (!isKnown) {
            throw new AssertionError("an access that tests cannot observe: " + method + type);
        }
        return type;
    }
}
