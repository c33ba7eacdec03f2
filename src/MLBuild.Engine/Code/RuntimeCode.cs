using System.Reflection;
using System.Runtime.Loader;

namespace MLBuild.Engine.Code;

/// <summary>The way between what runs and what was read from files. Nothing is loaded by it.</summary>
internal sealed class RuntimeCode(UserCode code)
{
    /// <summary>The definition of a type that runs; null for a type that is no user code.</summary>
    /// <exception cref="PipelineException">The file is not the one that runs.</exception>
    public CodeType? Definition(Type type) =>
        // An array says that it is of its element's module, and has no definition.
        type.HasElementType || type.IsGenericParameter ? null : ModuleOf(type.Module)?.TypeAt(type.MetadataToken);

    /// <summary>The definition of a method that runs; null for one that is no user code.</summary>
    /// <exception cref="PipelineException">The file is not the one that runs.</exception>
    public CodeMethod? Definition(MethodInfo method) => ModuleOf(method.Module)?.MethodAt(method.MetadataToken);

    /// <summary>The type that runs, if its assembly is loaded where <paramref name="beside"/> is.</summary>
    public static Type? Running(CodeType type, Assembly beside)
    {
        var loaded = beside.GetName().Name == type.Module.Name ? beside
            : (AssemblyLoadContext.GetLoadContext(beside)?.Assemblies ?? [])
                .Concat(AssemblyLoadContext.Default.Assemblies)
                .FirstOrDefault(assembly => assembly.GetName().Name == type.Module.Name);
        return loaded?.ManifestModule.ModuleVersionId == type.Module.VersionId
            ? loaded.ManifestModule.ResolveType(type.Token) : null;
    }

    /// <summary>The field of an object, or of a type if <paramref name="instance"/> is null.</summary>
    public static object? Value(CodeField field, Type type, object? instance)
    {
        const BindingFlags own = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static;
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.MetadataToken == field.Type.Token && at.Module.ModuleVersionId == field.Module.VersionId
                && at.GetField(field.Name, own) is { } found)
                return found.GetValue(instance);
        }
        throw new InvalidOperationException($"BUG: {type} has no field {field.Name}.");
    }

    private CodeModule? ModuleOf(Module module)
    {
        // What is emitted at run time has no file, nor tokens that mean something in one.
        if (module.Assembly.IsDynamic || code.Module(module.Assembly.GetName().Name!) is not { } read)
            return null;
        return read.VersionId == module.ModuleVersionId ? read : throw new PipelineException(
            $"'{read.Path}' was compiled anew while the build program runs. Run the same command again.");
    }
}
