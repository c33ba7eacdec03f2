// Measures what ./build.sh takes and writes a report of it. Usage: [NAME…] [--data FOLDER]; without names, all
// benchmarks, and the report is kept in results/.
using MLBuild.Benchmarks;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Cases;
using MLBuild.Benchmarks.Reporting;

// Measured as a process of its own.
if (args is ["reference", var from, var to])
{
    await Reference.Run(from, to);
    return 0;
}

Benchmark[] all =
[
    new("twelve", "Twelve stages", TwelveStages.Measure),
    new("thousand", "A thousand stages", ThousandStages.Measure),
    new("growth", "Cold runs of more and more stages", Growth.Measure),
    new("files", "A hundred thousand input files", ManyFiles.Measure),
    new("looking", "Looking at a hundred thousand artifacts", LookingAround.Measure),
    new("branches", "Parallel branches", Branches.Measure),
    new("taxi", "The taxi pipeline", TaxiPipeline.Measure),
    new("door", "A million trips at the door", AtTheDoor.Measure),
    new("serving", "The taxi server under load", ServingLoad.Measure),
];

var dataSwitch = Array.IndexOf(args, "--data");
string[] names = dataSwitch < 0 ? args : [.. args[..dataSwitch], .. args.Skip(dataSwitch + 2)];
var data = dataSwitch < 0 ? Path.Combine(Repository.Root, "data") : args.ElementAtOrDefault(dataSwitch + 1);
string[] unknown = [.. names.Except(all.Select(benchmark => benchmark.Name))];
if (OperatingSystem.IsWindows() || data is null || unknown.Length > 0)
{
    Console.Error.WriteLine((unknown.Length > 0 ? $"There is no benchmark '{string.Join("', '", unknown)}'. " : "") +
        "Usage, on Linux or macOS: [NAME…] [--data FOLDER]. Benchmarks: " +
        $"{string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
    return 1;
}

var (failed, interrupted) = (false, false);
Console.CancelKeyPress += (_, pressed) => pressed.Cancel = interrupted = true;
var sections = new List<(string Title, string Text)>();
(string What, string Value)[] facts;
var folder = Directory.CreateTempSubdirectory("mlbuild-bench-");
try
{
    var place = new Place(folder.FullName, Path.GetFullPath(data));
    // Before an hour of measuring: what cannot be told is to be known at once.
    facts = names.Length == 0 ? [.. Machine.Facts(place, TimeProvider.System)] : [];
    foreach (var benchmark in all.Where(benchmark => names.Length == 0 || names.Contains(benchmark.Name))
        .TakeWhile(_ => !interrupted))
    {
        Console.WriteLine($"\n## {benchmark.Title}\n");
        var text = Measured(benchmark, place);
        Console.WriteLine(text);
        sections.Add((benchmark.Title, text));
    }
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
finally
{
    folder.Delete(recursive: true);
}
if (names.Length == 0 && !interrupted)
{
    var report = Path.Combine(Repository.Root, "tests", "MLBuild.Benchmarks", "results", $"{Machine.Class}.md");
    Directory.CreateDirectory(Path.GetDirectoryName(report)!);
    File.WriteAllText(report, Report.Text(facts, sections));
    Console.WriteLine($"\nWritten: {Path.GetRelativePath(Repository.Root, report)}");
}
return failed || interrupted ? 1 : 0;

// One that cannot be measured does not take the others along.
string Measured(Benchmark benchmark, Place place)
{
    try
    {
        return Report.Table(benchmark.Measure(place).ToArray());
    }
    catch (Exception e)
    {
        failed = true;
        Console.Error.WriteLine(e.Message);
        return "Could not be measured.";
    }
}
