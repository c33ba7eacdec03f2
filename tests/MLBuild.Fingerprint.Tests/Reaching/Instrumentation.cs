using MLBuild.Fingerprint.Tests.Programs;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Rewrites compiled programs.</summary>
public static class Instrumentation
{
    /// <summary>A program each of whose methods says that it ran.</summary>
    public static CompiledProgram Of(CompiledProgram program) => program.Assemblies.Aggregate(program,
        (rewritten, assembly) => rewritten.With(Rewritten(assembly, module =>
        {
            var hit = module.ImportReference(typeof(ExecutionRecord).GetMethod(nameof(ExecutionRecord.Hit)));
            foreach (var method in MethodsOf(module))
            {
                Begin(method, Instruction.Create(OpCodes.Ldstr, NameOf(method)),
                    Instruction.Create(OpCodes.Call, hit));
            }
        })));

    /// <summary>The assembly with every table and heap written anew.</summary>
    public static CompiledAssembly RoundTrip(CompiledAssembly assembly) => Rewritten(assembly, _ => { });

    /// <summary>The assembly with another body of one method, which does the same.</summary>
    public static CompiledAssembly WithChanged(CompiledAssembly assembly, string name) => Rewritten(assembly, module =>
        Begin(MethodsOf(module).Single(method => NameOf(method) == name),
            Instruction.Create(OpCodes.Ldc_I4, 20_261), Instruction.Create(OpCodes.Pop)));

    /// <summary>The names of all methods that have a body, with their metadata tokens.</summary>
    public static IReadOnlyDictionary<string, int> Methods(CompiledAssembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly.Image));
        return MethodsOf(module).ToDictionary(NameOf, method => method.MetadataToken.ToInt32());
    }

    /// <summary>True for what the compiler writes, always the same: what makes a closure, what reads an anonymous type.
    /// Of the build class, the values count that its initialiser leaves, not how it comes to them.</summary>
    public static bool IsTrivial(string method) =>
        method == "_build: System.Void Build::.cctor()"
        || method.Contains("<>f__AnonymousType", StringComparison.Ordinal)
            && method.Contains("::get_", StringComparison.Ordinal)
        || method.Contains("/<>c", StringComparison.Ordinal)
            && (method.EndsWith("::.ctor()", StringComparison.Ordinal)
                || method.EndsWith("::.cctor()", StringComparison.Ordinal));

    private static IEnumerable<MethodDefinition> MethodsOf(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.HasBody && method.Body.Instructions.Count > 0);

    private static string NameOf(MethodDefinition method) => $"{method.Module.Assembly.Name.Name}: {method.FullName}";

    private static void Begin(MethodDefinition method, params Instruction[] instructions)
    {
        // Short branches may become too short.
        method.Body.SimplifyMacros();
        var il = method.Body.GetILProcessor();
        var first = method.Body.Instructions[0];
        foreach (var instruction in instructions)
            il.InsertBefore(first, instruction);
        method.Body.OptimizeMacros();
    }

    private static CompiledAssembly Rewritten(CompiledAssembly assembly, Action<ModuleDefinition> edit)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(assembly.Image));
        edit(module);
        using var image = new MemoryStream();
        module.Write(image);
        return new(assembly.Name, image.ToArray(), Symbols: null);
    }
}
