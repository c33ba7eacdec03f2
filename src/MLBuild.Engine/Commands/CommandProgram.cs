using System.Text;

namespace MLBuild.Engine.Commands;

/// <summary>A program as it is found on this machine.</summary>
/// <param name="Path">Where it is, links not followed: a program may ask by which name it was called.</param>
/// <param name="Interpreters">For a script, the programs that its first line names, in order; else none.</param>
internal sealed record CommandProgram(string Path, IReadOnlyList<string> Interpreters)
{
    // As many as Linux follows.
    private const int MostInterpreters = 4;
    private const int LongestFirstLine = 256;

    /// <summary>True if which program does the work is up to the script's text and what it finds.</summary>
    public bool IsScript => Interpreters.Count > 0;

    /// <summary>Finds a program as a shell does.</summary>
    /// <param name="root">What a path is relative to.</param>
    /// <exception cref="PipelineException">It is not there.</exception>
    public static CommandProgram Find(string program, string root)
    {
        var path = program.Contains('/') || program.Contains('\\')
            ? System.IO.Path.GetFullPath(program, root) is var full && IsProgram(full)
                ? full
                : throw new PipelineException($"There is no program '{full}'. " + (File.Exists(full)
                    ? "There is a file, but it may not be executed: use chmod +x, or run it by its interpreter."
                    : "Mend its path, which is relative to the project's root."))
            : InPath(program);
        var interpreters = new List<string>();
        while (interpreters.Count < MostInterpreters
            && Interpreter(interpreters.Count == 0 ? path : interpreters[^1]) is { } interpreter)
            interpreters.Add(interpreter);
        return new(path, interpreters);
    }

    private static string InPath(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] endings = OperatingSystem.IsWindows()
            ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';')]
            : [""];
        foreach (var folder in folders)
            foreach (var ending in endings)
                if (System.IO.Path.Combine(folder, program + ending) is var path && IsProgram(path))
                    return path;
        throw new PipelineException($"There is no program '{program}' in the folders of PATH: " +
            $"{string.Join(", ", folders)}. Install it, put its folder into PATH, or give its path.");
    }

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path)
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    // The program that a script's first line names: #!/bin/sh, or #!/usr/bin/env -S python3 -u. Of env, the program
    // that it starts: it is the one that differs between machines.
    private static string? Interpreter(string path)
    {
        Span<byte> start = stackalloc byte[LongestFirstLine];
        int length;
        using (var file = File.OpenHandle(path))
            length = RandomAccess.Read(file, start, 0);
        if (length < 2 || start[0] != '#' || start[1] != '!')
            return null;
        var words = Encoding.UTF8.GetString(start[2..length]).Split('\n')[0]
            .Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return null;
        var named = System.IO.Path.GetFileName(words[0]) == "env"
            ? words.Skip(1).FirstOrDefault(word => !word.StartsWith('-') && !word.Contains('='))
            : words[0];
        if (named is null)
            return words[0];
        return named.Contains('/') ? IsProgram(named) ? named : throw new PipelineException(
            $"The program '{path}' is a script for '{named}', which is not there. Install it, or mend that line.")
            : InPath(named);
    }
}
