namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>Edits of a program's sources. One that changes nothing is a fault of the test, and is refused.</summary>
public static class Edits
{
    /// <summary>Replaces a text that occurs once in a file.</summary>
    public static SampleProgram Replace(this SampleProgram program, string file, string old, string @new)
    {
        var text = program.Files[file];
        var at = text.IndexOf(old, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(old, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"'{old}' occurs {(at < 0 ? "not at all" : "twice")} in {file}.");
        return program.Write(file, text[..at] + @new + text[(at + old.Length)..]);
    }

    /// <summary>Replaces a text wherever it occurs in a file.</summary>
    public static SampleProgram ReplaceAll(this SampleProgram program, string file, string old, string @new) =>
        program.Write(file, program.Files[file].Replace(old, @new));

    /// <summary>Exchanges two texts, each of which occurs once in a file.</summary>
    public static SampleProgram Swap(this SampleProgram program, string file, string one, string other)
    {
        const string Between = "/* between */";
        return program.Replace(file, one, Between).Replace(file, other, one).Replace(file, Between, other);
    }

    public static SampleProgram Before(this SampleProgram program, string file, string place, string added) =>
        program.Replace(file, place, added + place);

    public static SampleProgram After(this SampleProgram program, string file, string place, string added) =>
        program.Replace(file, place, place + added);

    public static SampleProgram Append(this SampleProgram program, string file, string added) =>
        program.Write(file, program.Files[file] + added);

    public static SampleProgram Add(this SampleProgram program, string file, string text) =>
        program.Files.ContainsKey(file)
            ? throw new InvalidOperationException($"{file} exists.")
            : program with { Files = program.Files.Add(file, text) };

    public static SampleProgram Rename(this SampleProgram program, string file, string other) =>
        (program with { Files = program.Files.Remove(file) }).Add(other, program.Files[file]);

    /// <summary>Changes the text of a file as a whole.</summary>
    public static SampleProgram Rewrite(this SampleProgram program, string file, Func<string, string> edit) =>
        program.Write(file, edit(program.Files[file]));

    public static SampleProgram WithPackage(this SampleProgram program, string name, string version) =>
        program.Packages[name] == version
            ? throw new InvalidOperationException($"{name} is {version} already.")
            : program with { Packages = program.Packages.SetItem(name, version) };

    public static SampleProgram WithRuntimeConfig(this SampleProgram program, string old, string now) =>
        program.RuntimeConfig.Contains(old, StringComparison.Ordinal)
            ? program with { RuntimeConfig = program.RuntimeConfig.Replace(old, now, StringComparison.Ordinal) }
            : throw new InvalidOperationException($"The runtime configuration has no '{old}'.");

    private static SampleProgram Write(this SampleProgram program, string file, string text) =>
        program.Files[file] == text
            ? throw new InvalidOperationException($"The edit does not change {file}.")
            : program with { Files = program.Files.SetItem(file, text) };
}
