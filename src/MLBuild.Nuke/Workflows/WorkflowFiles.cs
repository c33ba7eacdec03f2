using MLBuild.Engine;
using MLBuild.Store;

namespace MLBuild.Nuke.Workflows;

/// <summary>Writes <c>.github/workflows</c> as a build declares it, or says how it differs.</summary>
internal static class WorkflowFiles
{
    /// <summary>The first line of each file that is written here. Others are somebody's own.</summary>
    public const string Mark = "# Written by ./build.sh Workflows from what the build declares: change it there.";

    private const string Folder = ".github/workflows";
    private const string AsDeclared = "the workflows are as the build declares them";

    public static void Write(string root, IReadOnlyList<Workflow> workflows, TextWriter to)
    {
        var changes = 0;
        foreach (var (name, text) in Texts(workflows))
        {
            var path = Path.Combine(root, Folder, name);
            if (AtomicFile.TextOf(path) == text)
                continue;
            AtomicFile.WriteText(path, text);
            to.WriteLine($"wrote {Folder}/{name}");
            changes++;
        }
        foreach (var name in NotDeclared(root, workflows))
        {
            File.Delete(Path.Combine(root, Folder, name));
            to.WriteLine($"removed {Folder}/{name}, which is no longer declared");
            changes++;
        }
        if (changes == 0)
            to.WriteLine(AsDeclared);
    }

    /// <exception cref="PipelineException">A file is not as declared; all of them are named.</exception>
    public static void Check(string root, IReadOnlyList<Workflow> workflows, TextWriter to)
    {
        string[] faults =
        [
            .. Texts(workflows).Select(file => Fault(root, file.Name, file.Text)).OfType<string>(),
            .. NotDeclared(root, workflows).Select(name => $"{Folder}/{name} is no longer declared."),
        ];
        if (faults.Length > 0)
            throw new PipelineException(
                string.Join('\n', faults.Select(fault => $"{fault} ./build.sh Workflows mends it.")));
        to.WriteLine(AsDeclared);
    }

    private static string? Fault(string root, string name, string declared)
    {
        if (AtomicFile.TextOf(Path.Combine(root, Folder, name)) is not { } text)
            return $"{Folder}/{name} is missing.";
        if (text == declared)
            return null;
        var (there, expected) = (text.Split('\n'), declared.Split('\n'));
        var line = there.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{Folder}/{name} line {line + 1} is {Quoted(there)}, expected {Quoted(expected)}.";

        string Quoted(string[] lines) => line < lines.Length ? $"'{lines[line].Trim()}'" : "the end of the file";
    }

    private static IEnumerable<(string Name, string Text)> Texts(IEnumerable<Workflow> workflows) =>
        workflows.Select(workflow => (FileOf(workflow), workflow.Text()));

    private static string FileOf(Workflow workflow) => $"{workflow.Name}.yml";

    private static IEnumerable<string> NotDeclared(string root, IReadOnlyList<Workflow> workflows)
    {
        var folder = Path.Combine(root, Folder);
        return !Directory.Exists(folder) ? [] : Directory.GetFiles(folder, "*.yml")
            .Where(path => !workflows.Any(workflow => FileOf(workflow) == Path.GetFileName(path)))
            .Where(path => File.ReadLines(path).FirstOrDefault() == Mark)
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
    }
}
