using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Notices;

/// <summary>A program that gets a notice as JSON on its standard input. No shell reads its arguments.</summary>
internal sealed class NoticeCommand(NoticeOptions options, TimeProvider clock)
{
    private const int MostShownLines = 3;
    private static readonly TimeSpan OutputEndsWithin = TimeSpan.FromSeconds(5);

    private readonly (string Program, string Arguments) _line = Parse(options.Command!);

    public string Name => $"the command '{_line.Program}'";

    /// <summary>Starts the program for a notice, and waits until it has ended well.</summary>
    /// <exception cref="NoticeFault">It has not.</exception>
    public async Task Tell(Notice notice, CancellationToken cancel)
    {
        using var process = Start();
        using var late = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await Give(process, ReportFile.Text(notice), either.Token);
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
                throw new NoticeFault($"ended with exit code {process.ExitCode}{await Said(output, errors)}");
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NoticeFault($"did not end within {Wording.Duration(options.Timeout)}", e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static (string Program, string Arguments) Parse(string line)
    {
        var text = line.Trim();
        if (text.StartsWith('"') && text.IndexOf('"', 1) is > 1 and var end)
            return (text[1..end], text[(end + 1)..].Trim());
        return text.Split((char[])[' ', '\t'], 2) is [var program, var arguments]
            ? (program, arguments.Trim())
            : (text, "");
    }

    private Process Start()
    {
        // A name is looked for where programs are; a path begins at the folder.
        var program = _line.Program.AsSpan().IndexOfAny('/', '\\') >= 0
            ? Path.GetFullPath(_line.Program, options.Folder)
            : _line.Program;
        try
        {
            return Process.Start(new ProcessStartInfo(program, _line.Arguments)
            {
                UseShellExecute = false,
                WorkingDirectory = options.Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            })!;
        }
        catch (Win32Exception e)
        {
            throw new NoticeFault(
                $"could not be started ({e.NativeErrorCode switch
                {
                    2 => "there is no such program",
                    13 => "it may not be run",
                    _ => $"error {e.NativeErrorCode}",
                }})", e);
        }
    }

    // A program need not read what it is given.
    private static async Task Give(Process process, string text, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    // What it left behind may keep its output open for ever: then it is not known what it said, but how it ended is.
    private async Task<string> Said(Task<string> output, Task<string> errors)
    {
        try
        {
            return Said(string.Join('\n', await Task.WhenAll(output, errors).WaitAsync(OutputEndsWithin, clock)));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return "";
        }
    }

    private static string Said(string output)
    {
        string[] lines =
        [
            .. output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).TakeLast(MostShownLines),
        ];
        return lines is [] ? "" : $" and said: {string.Join(" / ", lines)}";
    }
}
