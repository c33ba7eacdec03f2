using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using MLBuild.Store;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>What an assembly is compiled from.</summary>
/// <param name="Files">Paths and texts.</param>
/// <param name="Resources">Names and texts.</param>
/// <param name="References">Of this program; those of the framework are added.</param>
public sealed record CompilerInput(
    string Name,
    ImmutableArray<(string Path, string Text)> Files,
    ImmutableArray<(string Name, string Text)> Resources,
    ImmutableArray<CompiledAssembly> References,
    OptimizationLevel Optimization = OptimizationLevel.Release,
    DebugInformationFormat Symbols = DebugInformationFormat.PortablePdb)
{
    /// <summary>Equal for inputs that are compiled to equal bytes.</summary>
    public ContentHash Key => ContentHash.Of(string.Join('\n',
        [Name, $"{Optimization}", $"{Symbols}",
        .. Files.Select(file => $"{file.Path}\n{file.Text.Length}\n{file.Text}"),
        .. Resources.Select(file => $"{file.Name}\n{file.Text.Length}\n{file.Text}"),
        .. References.Select(reference => ContentHash.Of(Convert.ToBase64String(reference.Image)).Hex)]));
}

/// <summary>An assembly in memory, with its symbols unless they are inside.</summary>
public sealed record CompiledAssembly(string Name, byte[] Image, byte[]? Symbols);

/// <summary>The C# compiler, called as MSBuild would call it. Equal inputs are compiled once.</summary>
public static class Compiler
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> Framework = new(() =>
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "references.txt"))
            .Where(path => path.Contains("NETCore.App.Ref", StringComparison.Ordinal)
                || Path.GetFileName(path).StartsWith("MLBuild.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14, DocumentationMode.None);

    private static readonly ConcurrentDictionary<ContentHash, Lazy<CompiledAssembly>> Done = new();

    /// <exception cref="InvalidOperationException">The sources have errors.</exception>
    public static CompiledAssembly Compile(CompilerInput input) =>
        Done.GetOrAdd(input.Key, _ => new(() => Emit(input))).Value;

    private static CompiledAssembly Emit(CompilerInput input)
    {
        var compilation = CSharpCompilation.Create(
            input.Name,
            input.Files.Select(file => CSharpSyntaxTree.ParseText(
                SourceText.From(file.Text, Encoding.UTF8), Parsing, file.Path)),
            Framework.Value.AddRange(input.References.Select(reference =>
                MetadataReference.CreateFromImage(reference.Image))),
            new(OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: input.Optimization,
                deterministic: true,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        var isEmbedded = input.Symbols == DebugInformationFormat.Embedded;
        var result = compilation.Emit(
            image,
            isEmbedded ? null : symbols,
            manifestResources: input.Resources.Select(file => new ResourceDescription(
                file.Name, () => new MemoryStream(Encoding.UTF8.GetBytes(file.Text)), isPublic: true)),
            options: new EmitOptions(debugInformationFormat: input.Symbols, pdbFilePath: $"{input.Name}.pdb"));
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        return errors.Length == 0
            ? new(input.Name, image.ToArray(), isEmbedded ? null : symbols.ToArray())
            : throw new InvalidOperationException(string.Join('\n', errors.Select(error => error.ToString())));
    }
}
